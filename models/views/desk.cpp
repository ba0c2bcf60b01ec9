#include "models/views/desk.h"

#include "models/views/session.h"

// The interfaces are abstract; this file gives their meta-objects a home.
