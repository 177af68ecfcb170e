/* engine/drain_step.h - the steps of a drain, and of the way back. */
#ifndef ENGINE_DRAIN_STEP_H
#define ENGINE_DRAIN_STEP_H

#include "engine/lasting.h"

/* Of "upstream_drain", "router_drain" and their "_undrain". */
lasting_step_fn drain_step;
/* A drain leads back; one that leads back already cannot be cancelled. */
lasting_cancel_fn drain_step_cancel;

#endif
