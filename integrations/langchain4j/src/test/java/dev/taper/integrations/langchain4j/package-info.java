/** Tests with a scripted model, and a guarded server of the Model Context Protocol. */
@NullMarked
package dev.taper.integrations.langchain4j;

import org.jspecify.annotations.NullMarked;
