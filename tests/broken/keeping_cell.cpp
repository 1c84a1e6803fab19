// tests/broken/keeping_cell.cpp - a cell that keeps the address of what it was lent for a call.
#include "faulty_table.hpp"

constexpr lyap_plugin plugins[] = {faulty::plugin<Fault::KeepsArguments>("keeps_arguments")};
FAULTY_LIBRARY
