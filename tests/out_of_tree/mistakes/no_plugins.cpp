#include <lyap/lyap.hpp>
