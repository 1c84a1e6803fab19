// tests/broken/sound_cell.cpp - the small cell as it should be, with all a cell may have and less.
#include "faulty_table.hpp"

constexpr lyap_plugin plugins[] = {
    faulty::plugin<Fault::None>("sound"),
    faulty::plugin<Fault::WithoutNoise>("sound_without_noise"),
    faulty::plugin<Fault::WithoutDerivatives>("sound_without_derivatives"),
};
FAULTY_LIBRARY
