/**
 * Decisions for those who cannot decide themselves: services that ask about a call, and proxies
 * that ask before they let a request through.
 */
@NullMarked
package dev.taper.server.serve.decide;

import org.jspecify.annotations.NullMarked;
