package dev.taper.server.serve.decide;

import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.taper.FailureLog;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.findings.CallerAddress;
import dev.taper.server.process.Metrics;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * Envoy's external authorization: Envoy asks about each request, with its whole content, before it
 * lets it through. Thread-safe.
 */
final class EnvoyChecks extends AuthorizationGrpc.AuthorizationImplBase {
  private static final FailureLog FAILURES =
      FailureLog.of(EnvoyChecks.class, "answering Envoy", Clock.systemUTC());

  private final HttpGuard guard;
  private final Metrics metrics;

  EnvoyChecks(HttpGuard guard, Metrics metrics) {
    this.guard = guard;
    this.metrics = metrics;
  }

  @Override
  public void check(CheckRequest request, StreamObserver<CheckResponse> answer) {
    long start = System.nanoTime();
    answer.onNext(CallerAddress.during(EnvoyRequest.source(request), () -> checked(request)));
    answer.onCompleted();
    metrics.handled("envoy", Duration.ofNanos(System.nanoTime() - start));
  }

  private CheckResponse checked(CheckRequest request) {
    try {
      return allowed(EnvoyRequest.of(request));
    } catch (RefusedException e) {
      metrics.refused(e.refusal().code());
      return denied(e.refusal());
    } catch (RuntimeException e) {
      FAILURES.failed(e);
      return denied(HttpRefusal.of(503, "unavailable", null));
    }
  }

  private CheckResponse allowed(EnvoyRequest request) throws RefusedException {
    var unused = guard.judge(request);
    OkHttpResponse.Builder ok =
        OkHttpResponse.newBuilder()
            .addHeadersToRemove("taper-token")
            .addHeadersToRemove("taper-proof")
            .addHeadersToRemove("taper-approval")
            .addResponseHeadersToAdd(field("Cache-Control", "no-store"));
    if (request.field(CredentialFields.TOKEN_FIELD).isEmpty()) {
      ok.addHeadersToRemove("authorization"); // it has the token
    }
    return CheckResponse.newBuilder()
        .setStatus(Status.newBuilder().setCode(Code.OK_VALUE))
        .setOkResponse(ok)
        .build();
  }

  private static CheckResponse denied(HttpRefusal refusal) {
    StatusCode status = StatusCode.forNumber(refusal.status());
    DeniedHttpResponse.Builder denied =
        DeniedHttpResponse.newBuilder()
            .setStatus(
                HttpStatus.newBuilder().setCode(status == null ? StatusCode.Forbidden : status))
            .setBody(refusal.toJson());
    for (Map.Entry<String, String> one : refusal.fields().entrySet()) {
      denied.addHeaders(field(one.getKey(), one.getValue()));
    }
    return CheckResponse.newBuilder()
        .setStatus(
            Status.newBuilder()
                .setCode(
                    refusal.status() == 401
                        ? Code.UNAUTHENTICATED_VALUE
                        : Code.PERMISSION_DENIED_VALUE)
                .setMessage(refusal.code()))
        .setDeniedResponse(denied)
        .build();
  }

  private static HeaderValueOption field(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }
}
