package dev.taper.server.serve.decide;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Refuses questions of Envoy that have more parts than a request of HTTP has, before anything is
 * made of them: a field of two bytes becomes an object of fifty. It gets messages as streams.
 * Stateless and thread-safe.
 */
final class EnvoyParts implements ServerInterceptor {
  /** The most fields of a question: Envoy lets a request have 100 header fields. */
  static final int MAX_FIELDS = 2048;

  private static final Status REFUSED =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "content_too_large: a question has at most " + MAX_FIELDS + " fields");

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata fields, ServerCallHandler<Q, A> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, fields)) {
      private boolean isRefused;

      @Override
      @SuppressWarnings("unchecked") // messages are streams here
      public void onMessage(Q message) {
        try {
          byte[] bytes = ((InputStream) message).readAllBytes();
          isRefused = isRefused || !areFew(bytes);
          if (!isRefused) {
            super.onMessage((Q) new ByteArrayInputStream(bytes));
            return;
          }
        } catch (IOException e) {
          isRefused = true;
        }
        call.close(REFUSED, new Metadata());
      }

      @Override
      public void onHalfClose() {
        if (!isRefused) {
          super.onHalfClose();
        }
      }
    };
  }

  /** True if a question has no more fields than it may, those of parts within parts counted. */
  static boolean areFew(byte[] question) throws IOException {
    return count(CodedInputStream.newInstance(question), CheckRequest.getDescriptor(), 0)
        <= MAX_FIELDS;
  }

  private static int count(CodedInputStream in, Descriptor message, int before) throws IOException {
    int count = before;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (++count > MAX_FIELDS) {
        return count;
      }
      FieldDescriptor field = message.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      boolean isMessage =
          field != null
              && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
              && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (field == null || !isMessage) {
        if (!in.skipField(tag)) {
          return count; // the reader refuses the end of a group that did not begin
        }
        continue;
      }
      int limit = in.pushLimit(in.readRawVarint32());
      count = count(in, field.getMessageType(), count);
      in.popLimit(limit);
    }
    return count;
  }
}
