// tests/broken/sound_cell.cpp - the small cell as it should be.
#include "faulty_table.hpp"

constexpr lyap_plugin plugins[] = {faulty::plugin<Fault::None>("sound")};
FAULTY_LIBRARY
