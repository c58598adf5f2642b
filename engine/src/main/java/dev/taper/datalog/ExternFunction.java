package dev.taper.datalog;

import org.jspecify.annotations.Nullable;

/**
 * A function of the host that expressions call as {@code receiver.extern::name(argument)}. It must
 * be thread-safe if its registry is shared, and should depend on its arguments only: a function
 * that answers differently from call to call makes decisions that cannot be reproduced.
 */
@FunctionalInterface
public interface ExternFunction {
  /**
   * Calls the function. Any exception it throws, and any result that is not a ground term, ends the
   * evaluation with {@link dev.taper.ErrorCode#EXTERN_FAILED}.
   *
   * @param receiver a ground term
   * @param argument a ground term, or null if the call has none
   * @return a ground term
   */
  Term call(Term receiver, @Nullable Term argument);
}
