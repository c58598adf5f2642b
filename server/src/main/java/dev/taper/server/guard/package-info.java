/**
 * {@code taper mcp guard}, which stands before any server of MCP, and {@code taper mcp catalog},
 * which drafts and pins the catalog that it judges by.
 */
@NullMarked
package dev.taper.server.guard;

import org.jspecify.annotations.NullMarked;
