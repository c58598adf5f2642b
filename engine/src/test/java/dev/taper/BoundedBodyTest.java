package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedBodyTest {
  private record Unwanted(AtomicBoolean isCancelled) implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {
      isCancelled.set(true);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void body_upToItsBound_isTakenHoweverItIsCut(int first) {
    BoundedBody body = new BoundedBody(6);
    AtomicBoolean isCancelled = new AtomicBoolean();
    body.onSubscribe(new Unwanted(isCancelled));
    body.onNext(List.of(ByteBuffer.allocate(first), ByteBuffer.allocate(6 - first)));
    body.onComplete();

    assertThat(body.getBody().toCompletableFuture().join()).hasSize(6);
    assertThat(isCancelled).isFalse();
  }

  @Test
  void body_beyondItsBound_failsAndIsCancelled() {
    BoundedBody body = new BoundedBody(6);
    AtomicBoolean isCancelled = new AtomicBoolean();
    body.onSubscribe(new Unwanted(isCancelled));
    body.onNext(List.of(ByteBuffer.allocate(4)));
    body.onNext(List.of(ByteBuffer.allocate(3)));

    CompletableFuture<byte[]> whole = body.getBody().toCompletableFuture();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(whole::join)
        .withMessageContaining("more than 6 bytes");
    assertThat(isCancelled).isTrue();
  }
}
