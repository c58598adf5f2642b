package dev.taper.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.DatalogGenerator;
import dev.taper.testing.Refused;
import dev.taper.wire.oracle.Oracle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every message that is read, at any depth, has nothing that lenient readers skip: no field that is
 * unknown, none twice, none missing, and one member of a oneof. The messages are taken apart as
 * protobuf's own compiler sees them.
 */
class StrictReadersTest {
  private static final PrivateKey KEY = PrivateKey.generate(Algorithm.SECP256R1);
  private static final int SEEDS = 12;

  /** How many messages of one kind are tried. */
  private static final int ENOUGH = 3;

  /** A message that is not to be read, and what is said of it. */
  private record Variant(String said, ByteString bytes) {}

  private interface Reader {
    void read(byte[] bytes);
  }

  /** How many messages of each kind were tried. */
  private final Map<String, Integer> tried = new HashMap<>();

  /** The names of fields that were seen set somewhere. */
  private final Set<String> seen = new TreeSet<>();

  @Test
  void block_anyMessageInIt_isReadStrictly() throws InvalidProtocolBufferException {
    for (int seed = 0; seed < SEEDS; seed++) {
      var block = new DatalogGenerator(seed, 6).block().withContext("context");
      byte[] payload = BlockEncoder.encode(block, new TokenTables());
      Oracle.Block.Builder newest = Oracle.Block.newBuilder().mergeFrom(payload).setVersion(6);

      assertStrict(
          newest.build(),
          ErrorCode.MALFORMED_BLOCK,
          bytes -> BlockDecoder.decode(bytes, 0, null, new TokenTables(), DecodeLimits.DEFAULT));
    }
    assertAllSeen(Oracle.Block.getDescriptor());
  }

  @Test
  void token_anyMessageInIt_isReadStrictly() throws InvalidProtocolBufferException {
    SignedBlock.External external = SignedBlock.External.of(new byte[64], KEY.publicKey());
    List<SignedBlock> blocks =
        List.of(
            SignedBlock.of(new byte[3], KEY.publicKey(), new byte[64], null, 0),
            SignedBlock.of(new byte[4], KEY.publicKey(), new byte[64], external, 1));
    for (TokenEnd end :
        List.of(
            new TokenEnd.NextSecret(KEY.secret()),
            new TokenEnd.FinalSignature(new byte[64]),
            new TokenEnd.Held())) {
      byte[] bytes = RawToken.of(OptionalInt.of(1), blocks, end).encode();

      assertStrict(
          Oracle.Biscuit.parseFrom(bytes),
          ErrorCode.MALFORMED_TOKEN,
          changed -> RawToken.decode(changed, DecodeLimits.DEFAULT));
    }
    assertAllSeen(Oracle.Biscuit.getDescriptor());
  }

  @Test
  void thirdPartyMessages_anyMessageInThem_areReadStrictly() throws InvalidProtocolBufferException {
    SignedBlock.External external = SignedBlock.External.of(new byte[64], KEY.publicKey());
    byte[] contents =
        ThirdPartyMessages.encodeContents(new ThirdPartyMessages.Contents(new byte[4], external));

    assertStrict(
        Oracle.ThirdPartyBlockContents.parseFrom(contents),
        ErrorCode.MALFORMED_THIRD_PARTY,
        bytes -> ThirdPartyMessages.decodeContents(bytes, DecodeLimits.DEFAULT));
    assertStrict(
        Oracle.ThirdPartyBlockRequest.parseFrom(ThirdPartyMessages.encodeRequest(new byte[64])),
        ErrorCode.MALFORMED_THIRD_PARTY,
        bytes -> ThirdPartyMessages.decodeRequest(bytes, DecodeLimits.DEFAULT));
    assertAllSeen(Oracle.ThirdPartyBlockContents.getDescriptor());
  }

  @Test
  void snapshot_anyMessageInIt_isReadStrictly() throws InvalidProtocolBufferException {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Oracle.AuthorizerSnapshot snapshot =
          Oracle.AuthorizerSnapshot.parseFrom(SnapshotMessageTest.generated(seed).encode());

      assertStrict(
          snapshot,
          ErrorCode.MALFORMED_SNAPSHOT,
          bytes -> SnapshotMessage.decode(bytes, DecodeLimits.SNAPSHOT));
    }
    assertAllSeen(Oracle.AuthorizerSnapshot.getDescriptor());
  }

  private void assertStrict(Message message, ErrorCode code, Reader reader) {
    reader.read(message.toByteArray());
    for (Variant variant : variants(message)) {
      Refused.with(code, variant.said(), () -> reader.read(variant.bytes().toByteArray()));
    }
  }

  private List<Variant> variants(Message message) {
    List<Variant> variants = new ArrayList<>();
    if (tried.merge(message.getDescriptorForType().getName(), 1, Integer::sum) <= ENOUGH) {
      addOwn(variants, message);
    }
    addNested(variants, message);
    return variants;
  }

  private static void addOwn(List<Variant> variants, Message message) {
    ByteString whole = message.toByteString();
    int last = 0;
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      last = Math.max(last, field.getNumber());
      if (field.isRequired()) {
        Message without = message.toBuilder().clearField(field).buildPartial();
        variants.add(new Variant("missing " + field.getName(), without.toByteString()));
      }
      if (field.getContainingOneof() != null && !message.getAllFields().isEmpty()) {
        ByteString member = one(message, field, anything(message, field));
        variants.add(new Variant("more than one member of a oneof", whole.concat(member)));
      } else if (!field.isRepeated() && message.hasField(field)) {
        ByteString again = one(message, field, message.getField(field));
        variants.add(new Variant("field " + field.getNumber() + " twice", whole.concat(again)));
      }
    }
    for (int number : new int[] {last + 1, 31, 32}) {
      variants.add(new Variant("unknown field " + number, whole.concat(Bytes.field(number, 1))));
    }
    if (!message.getDescriptorForType().getRealOneofs().isEmpty() && !mayBeEmpty(message)) {
      variants.add(new Variant("empty oneof", ByteString.EMPTY));
    }
  }

  /** A token that is held has an empty proof. */
  private static boolean mayBeEmpty(Message message) {
    return message instanceof Oracle.Proof;
  }

  private static Object anything(Message message, FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        ? message.newBuilderForType().newBuilderForField(field).buildPartial()
        : field.getDefaultValue();
  }

  /** The variants of each message inside of this one, with everything else as it is. */
  private void addNested(List<Variant> variants, Message message) {
    List<ByteString> parts = new ArrayList<>();
    List<List<Variant>> inner = new ArrayList<>();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      seen.add(field.getFullName());
      List<?> values = field.isRepeated() ? (List<?>) entry.getValue() : List.of(entry.getValue());
      for (Object value : values) {
        parts.add(one(message, field, value));
        List<Variant> own = new ArrayList<>();
        if (value instanceof Message nested) {
          for (Variant variant : variants(nested)) {
            own.add(new Variant(variant.said(), Bytes.field(field.getNumber(), variant.bytes())));
          }
        }
        inner.add(own);
      }
    }
    for (int i = 0; i < parts.size(); i++) {
      ByteString before = ByteString.copyFrom(parts.subList(0, i));
      ByteString after = ByteString.copyFrom(parts.subList(i + 1, parts.size()));
      for (Variant variant : inner.get(i)) {
        variants.add(new Variant(variant.said(), before.concat(variant.bytes()).concat(after)));
      }
    }
  }

  /** One field with one value. */
  private static ByteString one(Message message, FieldDescriptor field, Object value) {
    Message.Builder builder = message.newBuilderForType();
    return (field.isRepeated()
            ? builder.addRepeatedField(field, value)
            : builder.setField(field, value))
        .buildPartial()
        .toByteString();
  }

  /** No message or field was left out because no example has it. */
  private void assertAllSeen(Descriptor root) {
    Set<String> all = new TreeSet<>();
    addFields(root, new TreeSet<>(), all);
    all.removeIf(name -> name.contains(".legacy"));
    assertThat(seen).containsAll(all);
  }

  private static void addFields(Descriptor message, Set<String> visited, Set<String> fields) {
    if (!visited.add(message.getFullName())) {
      return;
    }
    for (FieldDescriptor field : message.getFields()) {
      fields.add(field.getFullName());
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        addFields(field.getMessageType(), visited, fields);
      }
    }
  }
}
