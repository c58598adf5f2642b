/** Asks for approvals of many services, kept in one store. */
@NullMarked
package dev.taper.server.serve.asks;

import org.jspecify.annotations.NullMarked;
