package dev.taper.agent.call;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.taper.ErrorCode;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Opens JSON for one strict pass: bounded, without duplicate names, with nothing behind the end.
 */
final class StrictJson {
  /** The largest document, in UTF-8 bytes. */
  static final int MAX_BYTES = 64 * 1024;

  /** The deepest nesting, the outermost object included. */
  static final int MAX_DEPTH = 16;

  /** Reads one document from its first token on, and leaves the parser on its last. */
  @FunctionalInterface
  interface Reader<T> {
    T read(JsonParser json) throws IOException;
  }

  private static final JsonFactory REQUESTS = SafeJson.strict(MAX_DEPTH, MAX_BYTES, MAX_BYTES);
  private static final JsonFactory VALUES =
      SafeJson.strict(MAX_DEPTH - 2, MAX_BYTES, MAX_BYTES); // a request and its arguments

  /**
   * The largest document that is no request, in characters, and its deepest nesting. It is that of
   * the largest file that is read so; what comes over a network is bounded where it is received.
   */
  private static final int MAX_DOCUMENT = 1 << 25;

  private static final int MAX_DOCUMENT_DEPTH = 32;

  private static final JsonFactory DOCUMENTS =
      SafeJson.strict(MAX_DOCUMENT_DEPTH, MAX_DOCUMENT, MAX_BYTES);

  private StrictJson() {}

  /** Reads a whole tool call. */
  static <T> T request(String text, Reader<T> reader) {
    return read(REQUESTS, text, reader);
  }

  /** Reads the value of one argument. */
  static <T> T value(String text, Reader<T> reader) {
    return read(VALUES, text, reader);
  }

  /** Reads what a service's operator or a server says, which is larger than a request. */
  static <T> T document(String text, Reader<T> reader) {
    if (text.length() > MAX_DOCUMENT) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "the JSON is larger than " + MAX_DOCUMENT + " characters");
    }
    return parse(DOCUMENTS, text, reader);
  }

  private static <T> T read(JsonFactory factory, String text, Reader<T> reader) {
    checkSize(text);
    return parse(factory, text, reader);
  }

  private static <T> T parse(JsonFactory factory, String text, Reader<T> reader) {
    try (JsonParser json = factory.createParser(text)) {
      if (json.nextToken() == null) {
        throw new TaperException(ErrorCode.INVALID_REQUEST, "the JSON is empty");
      }
      T result = reader.read(json);
      if (json.nextToken() != null) {
        throw new TaperException(ErrorCode.INVALID_REQUEST, "something follows the JSON");
      }
      return result;
    } catch (StreamConstraintsException e) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "the JSON is nested too deeply, or holds too long a part", e);
    } catch (JsonProcessingException e) {
      // The parser's own message may quote the input, whatever it holds.
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "the JSON has a syntax error or a repeated name" + where, e);
    } catch (IOException e) {
      throw new TaperException(ErrorCode.INVALID_REQUEST, "the JSON cannot be read", e);
    }
  }

  static void checkSize(String text) {
    if (Text.isLonger(text, MAX_BYTES)) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "the request is larger than " + MAX_BYTES + " bytes");
    }
  }

  /** Refuses anything but the given token. */
  static void expect(@Nullable JsonToken actual, JsonToken expected, String subject) {
    if (actual != expected) {
      String wanted = expected == JsonToken.VALUE_STRING ? "a string" : "an object";
      throw Text.refuse(ErrorCode.INVALID_REQUEST, subject, "is not " + wanted);
    }
  }
}
