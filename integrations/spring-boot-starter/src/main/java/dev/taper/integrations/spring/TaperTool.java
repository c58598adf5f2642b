package dev.taper.integrations.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the tool of the service's catalog that a method does. The method is entered only while a
 * call of that tool is handled that was allowed; otherwise it throws {@link NotDecidedException},
 * and a caller reads {@code unavailable}. So a route that the catalog and the service understand
 * differently opens nothing.
 *
 * <p>For public methods of beans. Whatever Spring cannot guard (a final method, a tool that the
 * catalog does not have) ends the start of the application. A call within one object does not pass
 * the guard. It compares no arguments: a method takes them from the {@link
 * dev.taper.agent.call.ToolCall}, which controllers can have as a parameter.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface TaperTool {
  /** The tool's name in the catalog, such as {@code jira.search}. */
  String value();
}
