/** Guards servers of the Java SDK of MCP, before the SDK looks at a message. */
@NullMarked
package dev.taper.integrations.mcp.server;

import org.jspecify.annotations.NullMarked;
