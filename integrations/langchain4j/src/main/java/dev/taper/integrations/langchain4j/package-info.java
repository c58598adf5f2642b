/**
 * Taper for agents on LangChain4j: signs what goes to servers of the Model Context Protocol, guards
 * tools of one's own, and says refusals to models.
 */
@NullMarked
package dev.taper.integrations.langchain4j;

import org.jspecify.annotations.NullMarked;
