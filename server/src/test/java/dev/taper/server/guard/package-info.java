/** Tests of the guard, with real servers and clients of MCP. */
@org.jspecify.annotations.NullMarked
package dev.taper.server.guard;
