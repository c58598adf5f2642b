/** A service that verifies the calls of agents. */
@NullMarked
package dev.taper.examples.service;

import org.jspecify.annotations.NullMarked;
