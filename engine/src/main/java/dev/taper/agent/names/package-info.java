/**
 * Whose keys are whose: agents, approvers and issuers, from a file that names them or from a
 * directory of the service's own.
 */
@NullMarked
package dev.taper.agent.names;

import org.jspecify.annotations.NullMarked;
