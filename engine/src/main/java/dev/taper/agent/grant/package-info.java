/**
 * What a block of a delegation chain grants, and on what conditions: values that compile to
 * canonical Datalog checks, are recognised again in the checks of any token, and are added up along
 * a chain to its effective authority.
 *
 * <p>Only narrowing is expressible, so nothing here needs to be trusted: a token's Datalog decides.
 * These types say in words what it says. All of them are immutable and thread-safe.
 */
@NullMarked
package dev.taper.agent.grant;

import org.jspecify.annotations.NullMarked;
