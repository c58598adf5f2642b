/**
 * Messages of the Model Context Protocol as they are: read strictly, over lines and HTTP, from
 * clients and to servers, and relayed between both. It judges nothing.
 */
@NullMarked
package dev.taper.server.mcp;

import org.jspecify.annotations.NullMarked;
