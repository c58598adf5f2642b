/** A LangChain4j agent that calls a guarded server of MCP. */
@NullMarked
package dev.taper.examples.langchain4j;

import org.jspecify.annotations.NullMarked;
