/** An agent that calls a guarded server of MCP. */
@NullMarked
package dev.taper.examples.mcp.agent;

import org.jspecify.annotations.NullMarked;
