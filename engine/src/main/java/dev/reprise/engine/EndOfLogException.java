package dev.reprise.engine;

/**
 * A replayed guest asked more than a torn log can answer: the run ends where it stands. {@link Session#run} handles it.
 * A guest that owns its loop ({@link Session#boundary}) gets it out of the question that it asked, and lets it pass out of
 * its loop or catches it around the loop: the session has ended by then, {@link Session#result} says so (not complete, at
 * the position of the question), and a further {@code boundary} returns false. No answer is made up.
 */
public final class EndOfLogException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EndOfLogException(long position) {
        super("the log ends before the answer to a question at " + position, null, false, false);
    }
}
