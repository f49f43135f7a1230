package loom.dispatch.simulator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.simulator.RunningSimulator;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.TestGatewayClient;
import loom.dispatch.simulator.world.IntentBits;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;

/** Tests that invalid client messages get the same close code as at Discord. */
final class GatewayCloseCodeTest {
    private static final String TOKEN = SimulatorConfig.standard().token();

    private final Simulator simulator =
            RunningSimulator.with(
                    SimulatorConfig.standard()
                            .withIdentifyRefusalDelay(Duration.ofMillis(10))
                            .withAllowedIntents(IntentBits.ALL & ~IntentBits.GUILD_PRESENCES.bit())
                            .withSendLimit(30));

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "4002 | not json",
                "4002 | [1]",
                "4002 | {\"d\":null}",
                "4002 | {\"op\":\"1\",\"d\":null}",
                "4001 | {\"op\":1,\"d\":\"x\"}",
                "4003 | {\"op\":3,\"d\":{}}",
                "4003 | {\"op\":99,\"d\":{}}",
                "4003 | {\"op\":10,\"d\":{}}",
                "4001 | {\"op\":2,\"d\":7}",
                "4004 | {\"op\":2,\"d\":{\"token\":\"wrong\",\"intents\":1}}",
                "4004 | {\"op\":6,\"d\":{\"token\":\"wrong\",\"session_id\":\"x\",\"seq\":1}}",
                "4013 | {\"op\":2,\"d\":{\"token\":\"TOKEN\"}}",
                "4013 | {\"op\":2,\"d\":{\"token\":\"TOKEN\",\"intents\":131072}}",
                "4014 | {\"op\":2,\"d\":{\"token\":\"Bot TOKEN\",\"intents\":257}}",
                "4010 | {\"op\":2,\"d\":{\"token\":\"TOKEN\",\"intents\":1,\"shard\":[2,2]}}",
                "4010 | {\"op\":2,\"d\":{\"token\":\"TOKEN\",\"intents\":1,\"shard\":[0]}}",
            })
    void closesInvalidMessagesBeforeIdentify(int code, String message) throws InterruptedException {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.sendText(message.replace("TOKEN", TOKEN));
            assertEquals(code, client.closeCode());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4012, v=8&encoding=json",
        "4012, encoding=json",
        "4002, v=10&encoding=etf",
        "4002, v=10&encoding=json&compress=brotli"
    })
    void closesConnectionsWithAnInvalidQuery(int code, String query) throws InterruptedException {
        try (TestGatewayClient client = new TestGatewayClient(simulator.gatewayUri(), query)) {
            assertEquals(code, client.closeCode());
        }
    }

    @Test
    void closesAnOversizedMessageWith4002() throws InterruptedException {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.sendText("{\"op\":1,\"d\":null," + " ".repeat(4_096) + "\"x\":1}");
            assertEquals(4002, client.closeCode());
        }
    }

    @Test
    void closesASecondIdentifyWith4005AndAnUnknownOpcodeWith4001() throws InterruptedException {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 1, 1);
            client.next("READY");
            client.identify(simulator, 0, 1, 1);
            assertEquals(4005, client.closeCode());
        }
    }

    @Test
    void answersAnEarlyIdentifyWithOp9AndCountsIt() throws InterruptedException {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator);
                TestGatewayClient second = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 1, 1);
            client.next("READY");
            second.identify(simulator, 0, 1, 1);
            assertEquals(false, second.next(GatewayOpcode.INVALID_SESSION).d());
        }
        assertEquals(2, simulator.recorder().identifies().size());
    }

    @Test
    void closesAfterTooManyMessagesWith4008() throws InterruptedException {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            for (int i = 0; i < 31; i++) {
                client.send(GatewayOpcode.HEARTBEAT, null);
            }
            assertEquals(4008, client.closeCode());
        }
    }

    @Test
    void endsAllSessionsWhenTheDailyIdentifyLimitIsExceeded() throws InterruptedException {
        simulator.faults().startsRemaining(1);
        try (TestGatewayClient client = TestGatewayClient.plain(simulator);
                TestGatewayClient second = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 1, 1);
            client.next("READY");
            second.identify(simulator, 0, 1, 1);
            assertEquals(4003, second.closeCode());
            assertEquals(4003, client.closeCode());
        }
        try (TestGatewayClient third = TestGatewayClient.plain(simulator)) {
            third.identify(simulator, 0, 1, 1);
            assertEquals(4004, third.closeCode());
        }
    }
}
