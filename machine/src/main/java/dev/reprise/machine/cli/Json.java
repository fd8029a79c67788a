package dev.reprise.machine.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;

/** JSON on a stream that stays open. */
final class Json {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // What a hostile manifest says may hold control characters that a terminal obeys.
            .enable(com.fasterxml.jackson.core.json.JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(com.fasterxml.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private Json() {}

    static JsonGenerator generator(PrintStream out) throws IOException {
        return FACTORY.createGenerator(out);
    }
}
