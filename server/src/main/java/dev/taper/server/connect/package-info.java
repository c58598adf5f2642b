/**
 * The agent's side of a guarded server: adds token and proof to every call, and gives the model
 * tools to know, narrow and hand on what it may do.
 */
@NullMarked
package dev.taper.server.connect;

import org.jspecify.annotations.NullMarked;
