@NullMarked
package dev.taper.integrations.mcp;

import org.jspecify.annotations.NullMarked;
