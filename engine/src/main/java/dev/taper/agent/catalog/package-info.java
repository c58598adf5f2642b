/**
 * What a service's tools are, as its operator says it: which operation and resource a call means,
 * and what its arguments are. It turns what was sent into a tool call, so that no caller says for
 * itself what its call means.
 */
@NullMarked
package dev.taper.agent.catalog;

import org.jspecify.annotations.NullMarked;
