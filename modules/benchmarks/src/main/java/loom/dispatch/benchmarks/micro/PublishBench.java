package loom.dispatch.benchmarks.micro;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.Frame;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;
import loom.dispatch.broker.publish.EventPublisher;
import loom.dispatch.broker.publish.UnconfirmedWindow;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/** Measures the encoding of an event's AMQP properties, and a confirm's removal from the window. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PublishBench {
    private static final int CHANNEL = 1;

    private final EventPublisher publication = new EventPublisher(BrokerConfig.builder().build());
    private final DataOutputStream nowhere = new DataOutputStream(OutputStream.nullOutputStream());
    private final UnconfirmedWindow window = new UnconfirmedWindow(500, 8L << 20);
    private final EventMessage message =
            new EventMessage(
                    1,
                    "PRESENCE_UPDATE",
                    new byte[622],
                    "0123456789abcdef0123456789abcdef:1000000000",
                    1_764_000_000_000L,
                    new EventOrigin(
                            7,
                            1_000_000_000,
                            "0123456789abcdef0123456789abcdef",
                            "1089234567890123456",
                            false));
    private long tag = 1;

    /** Encodes properties and headers as a frame. */
    @Benchmark
    public Frame encodeProperties() throws IOException {
        AMQP.BasicProperties properties = publication.properties(message);
        Frame frame = properties.toFrame(CHANNEL, message.sizeBytes());
        frame.writeTo(nowhere);
        return frame;
    }

    /** Adds a message to the window and confirms it. */
    @Benchmark
    public int window() {
        window.append(message);
        return window.confirm(tag++, false);
    }
}
