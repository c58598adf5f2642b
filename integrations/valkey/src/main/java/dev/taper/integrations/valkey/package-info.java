/**
 * What verifiers must not forget, in a Valkey or Redis server that several processes share: used
 * proofs, uses of approvals, budgets.
 */
@NullMarked
package dev.taper.integrations.valkey;

import org.jspecify.annotations.NullMarked;
