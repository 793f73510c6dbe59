#include "CLuffySIMD.h"
