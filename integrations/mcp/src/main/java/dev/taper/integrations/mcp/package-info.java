/**
 * What a message of the Model Context Protocol presents, whether it may go on, and how to sign it.
 */
@NullMarked
package dev.taper.integrations.mcp;

import org.jspecify.annotations.NullMarked;
