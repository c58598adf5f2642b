package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.ExternFunctions.ExternFunction;
import dev.taper.datalog.Term;
import org.jspecify.annotations.Nullable;

/** A call of a function of the host. */
final class ExternCall extends Node {
  private final String name;
  private final Node receiver;
  private final @Nullable Node argument;

  ExternCall(String name, Node receiver, @Nullable Node argument) {
    this.name = name;
    this.receiver = receiver;
    this.argument = argument;
  }

  @Override
  Term eval(Frame frame) {
    Term left = receiver.eval(frame);
    Term right = argument == null ? null : argument.eval(frame);
    frame.budget.charge(1);
    ExternFunction function = frame.externs.find(name);
    if (function == null) {
      throw new TaperException(ErrorCode.UNDEFINED_EXTERN, "no external function is named " + name);
    }
    Term result = call(function, left, right);
    frame.budget.charge(Values.steps(result));
    // The function may have taken any time.
    frame.budget.checkTime();
    return result;
  }

  private Term call(ExternFunction function, Term left, @Nullable Term right) {
    @Nullable Term result;
    try {
      result = function.call(left, right);
    } catch (RuntimeException e) {
      throw failed(" failed", e);
    }
    if (result == null || !Values.acceptable(result)) {
      throw failed(" returned no value, or one that is nested too deeply", null);
    }
    return result;
  }

  private TaperException failed(String how, @Nullable Throwable cause) {
    return new TaperException(ErrorCode.EXTERN_FAILED, "external function " + name + how, cause);
  }
}
