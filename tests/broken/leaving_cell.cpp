// tests/broken/leaving_cell.cpp - a cell that ends the process as if all were well.
#include "faulty_table.hpp"

constexpr lyap_plugin plugins[] = {faulty::plugin<Fault::EndsProcess>("ends_process")};
FAULTY_LIBRARY
