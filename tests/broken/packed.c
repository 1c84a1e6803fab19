/* tests/broken/packed.c - made with packed structs, which changes nothing: none has a hole. */
#pragma pack(push, 1)
#include "plain.h"
#pragma pack(pop)
