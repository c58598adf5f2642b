/** Taper for agents on LangChain4j. */
// The jars of LangChain4j name no modules: their automatic names come from the names of the files.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.taper.integrations.langchain4j {
  requires com.fasterxml.jackson.databind;
  requires transitive dev.taper.engine;
  requires dev.taper.integrations.mcp;
  requires static transitive langchain4j;
  requires static transitive langchain4j.core;
  requires static transitive langchain4j.mcp;
  requires transitive org.slf4j;
  requires static transitive org.jspecify;

  exports dev.taper.integrations.langchain4j;
}
