// plugins/cells/recorder.cpp - the derivatives of recorded cells, compiled once for all of this
// tree (LYAP_RECORDER_LINKED): half a minute a cell. Plugins elsewhere have them from the headers.
#include <lyap/cell.hpp>

namespace lyap {

LYAP_RECORDER(, float)
LYAP_RECORDER(, double)

}  // namespace lyap
