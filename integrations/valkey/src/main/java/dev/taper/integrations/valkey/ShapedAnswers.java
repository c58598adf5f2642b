package dev.taper.integrations.valkey;

import dev.taper.integrations.valkey.answer.AnswerShape;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;

/**
 * Closes a connection on which a server sends what is no answer, or says that one has more values
 * than any. Of one connection.
 */
final class ShapedAnswers extends ChannelInboundHandlerAdapter {
  /** More than the values of any answer: a list and its deltas. */
  static final int MOST_VALUES = 4 * ValkeyLists.MAX_DELTAS;

  private final AnswerShape shape = new AnswerShape(MOST_VALUES);

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (shape.takes(bytes)) {
      var unused = context.fireChannelRead(message);
      return;
    }
    bytes.release();
    var unused =
        context
            .fireExceptionCaught(
                new IOException("sent no answer, or one of more than " + MOST_VALUES + " values"))
            .close();
  }
}
