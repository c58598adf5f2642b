/** A guarded server of MCP, with everything on. */
@NullMarked
package dev.taper.examples.mcp.server;

import org.jspecify.annotations.NullMarked;
