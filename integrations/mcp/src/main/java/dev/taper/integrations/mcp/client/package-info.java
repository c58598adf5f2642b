/** The agent's side on the Java SDK of MCP. */
@NullMarked
package dev.taper.integrations.mcp.client;

import org.jspecify.annotations.NullMarked;
