package dev.taper.datalog;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The external functions that an evaluation may call, by name. Immutable and thread-safe. */
public final class ExternFunctions {
  private static final ExternFunctions NONE = new ExternFunctions(Map.of());

  private final Map<String, ExternFunction> functions;

  private ExternFunctions(Map<String, ExternFunction> functions) {
    this.functions = functions;
  }

  /** Returns an empty set of functions: every call fails. */
  public static ExternFunctions none() {
    return NONE;
  }

  /** Makes a set of the given functions by name. */
  public static ExternFunctions of(Map<String, ? extends ExternFunction> functions) {
    return new ExternFunctions(Map.copyOf(functions));
  }

  /** Returns these functions and another one, which replaces any function of its name. */
  public ExternFunctions with(String name, ExternFunction function) {
    Map<String, ExternFunction> copy = new HashMap<>(functions);
    copy.put(name, function);
    return new ExternFunctions(Map.copyOf(copy));
  }

  /** Returns the function of a name, or null. */
  public @Nullable ExternFunction find(String name) {
    return functions.get(name);
  }

  /**
   * A function of the host that expressions call as {@code receiver.extern::name(argument)}. It
   * must be thread-safe if its registry is shared, and should depend on its arguments only: a
   * function that answers differently from call to call makes decisions that cannot be reproduced.
   */
  @FunctionalInterface
  public interface ExternFunction {
    /**
     * Calls the function. Any exception it throws, and any result that is not a ground term, ends
     * the evaluation with {@link dev.taper.ErrorCode#EXTERN_FAILED}.
     *
     * @param receiver a ground term
     * @param argument a ground term, or null if the call has none
     * @return a ground term
     */
    Term call(Term receiver, @Nullable Term argument);
  }
}
