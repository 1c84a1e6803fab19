// tests/broken/deadly_cells.cpp - cells that take the process with them.
#include "faulty_table.hpp"

constexpr lyap_plugin plugins[] = {
    faulty::plugin<Fault::Crashes>("crashes"),
    faulty::plugin<Fault::Hangs>("hangs"),
    faulty::plugin<Fault::ThrowsStandard>("throws_standard"),
    faulty::plugin<Fault::ThrowsOther>("throws_other"),
};
FAULTY_LIBRARY
