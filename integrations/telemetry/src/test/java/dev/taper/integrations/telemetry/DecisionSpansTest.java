package dev.taper.integrations.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionSpansTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String FIELD = "00-" + TRACE + "-" + PARENT + "-01";

  private final World world = new World();
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder()
          .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
          .addSpanProcessor(SimpleSpanProcessor.create(exporter))
          .build();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder().setTracerProvider(provider).build();
  private final Verifier verifier = world.verifier().listener(DecisionSpans.of(sdk)).build();
  private final AgentToken token = world.token("T-4711");

  @AfterEach
  void end() {
    provider.close();
  }

  private SpanData only() {
    List<SpanData> spans = exporter.getFinishedSpanItems();
    assertThat(spans).hasSize(1);
    return spans.get(0);
  }

  private void decide() {
    assertThat(world.decide(verifier, token, world.search()).allowed()).isTrue();
  }

  private static Object value(SpanData span, String name) {
    for (AttributeKey<?> key : span.getAttributes().asMap().keySet()) {
      if (key.getKey().equals(name)) {
        return span.getAttributes().asMap().get(key);
      }
    }
    return "missing";
  }

  @Test
  void decided_call_isASpanThatSaysWhatWasDecided() {
    decide();

    SpanData span = only();
    assertThat(span.getName()).isEqualTo("taper decide");
    assertThat(span.getEndEpochNanos()).isGreaterThan(span.getStartEpochNanos());
    assertThat(value(span, "taper.code")).isEqualTo("allowed");
    assertThat(value(span, "taper.allowed")).isEqualTo(true);
    assertThat(value(span, "taper.proven")).isEqualTo(true);
    assertThat(value(span, "taper.hops")).isEqualTo(2L);
    assertThat(value(span, "taper.audience")).isEqualTo(World.AUDIENCE);
    assertThat(value(span, "taper.tool")).isEqualTo("jira.search");
    assertThat(value(span, "taper.task")).isEqualTo("T-4711");
    assertThat(String.valueOf(value(span, "taper.token"))).matches("[0-9a-f]{64}");
    assertThat(span.toString())
        .doesNotContain(
            World.SECRET,
            token.encodeBase64(),
            world.researcher.publicKey().toString(),
            HexFormat.of().formatHex(token.token().encode()));
  }

  @Test
  void decided_denial_isNoErrorOfTheService() {
    ToolCall delete = world.catalog.call("jira.delete", "{}");
    assertThat(world.decide(verifier, token, delete).allowed()).isFalse();

    assertThat(value(only(), "taper.code")).isEqualTo("out_of_scope");
    assertThat(only().getStatus().getStatusCode().name()).isEqualTo("UNSET");
  }

  @Test
  void asked_question_isASpanOfItsOwn() {
    var unused = verifier.asked(token.token(), world.search(), SentApprovals.NONE, false);

    assertThat(only().getName()).isEqualTo("taper ask");
  }

  /** What a token says in one place is bounded and cannot move or hide text beside it. */
  @Test
  void decided_taskOfAnIssuer_isShownSafelyAndBounded() {
    AgentToken odd = world.token("T".repeat(200));
    assertThat(world.decide(verifier, odd, world.search()).allowed()).isTrue();

    assertThat(String.valueOf(value(only(), "taper.task"))).startsWith("TTT").hasSizeLessThan(250);
  }

  @Test
  void within_fieldOfARequest_isTheParent() {
    DecisionSpans.within(List.of(FIELD), this::decide);

    assertThat(only().getTraceId()).isEqualTo(TRACE);
    assertThat(only().getParentSpanId()).isEqualTo(PARENT);
    assertThat(Span.current().getSpanContext()).isEqualTo(SpanContext.getInvalid());
  }

  @Test
  void within_threadThatIsInATrace_staysInIt() {
    Span outer = sdk.getTracer("test").spanBuilder("outer").startSpan();
    Context.current()
        .with(outer)
        .wrap(() -> DecisionSpans.within(List.of(FIELD), this::decide))
        .run();

    assertThat(only().getTraceId()).isEqualTo(outer.getSpanContext().getTraceId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c\nb7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"
      })
  void within_fieldThatIsNone_isIgnored(String field) {
    DecisionSpans.within(List.of(field), this::decide);

    assertThat(only().getParentSpanContext().isValid()).isFalse();
    assertThat(only().getTraceId()).isNotEqualTo(TRACE).matches("[0-9a-f]{32}");
  }

  /** A caller can leave its own decisions out of traces, and nothing else: the record is made. */
  @Test
  void within_fieldThatIsNotSampled_costsTheSpanAlone() {
    DecisionSpans.within(List.of("00-" + TRACE + "-" + PARENT + "-00"), this::decide);
    DecisionSpans.within(List.of(FIELD, FIELD), this::decide);

    assertThat(only().getTraceId()).isNotEqualTo(TRACE);
    assertThat(verifier.unrecordedDecisions()).isZero();
  }
}
