// framework/pipeline/sweep_number.hpp - numbers as a sweep writes them into a pipeline.
#pragma once
#include <string>

namespace lyap::framework {

/// The shortest text that reads back as this finite number, whole ones below 10^15 without exponent
/// and point, so that an option that takes an integer takes them.
std::string number_text(double number);

/// To 12 significant digits: neither the noise of a grid's arithmetic (1.2000000000000002) nor the
/// last bit of libm, which differs between processors, is left.
double without_noise(double number);

/// To so many decimals.
double to_decimals(double number, int decimals);

}  // namespace lyap::framework
