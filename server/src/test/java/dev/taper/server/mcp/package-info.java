/** Tests of how messages are read, cut out of streams and relayed. */
@org.jspecify.annotations.NullMarked
package dev.taper.server.mcp;
