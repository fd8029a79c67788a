package dev.reprise.proptest.canary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.reprise.proptest.DeterminismContract;
import dev.reprise.proptest.run.Rig;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A harness that cannot fail shows nothing: runs the contract on guests with a planted fault, by JUnit's launcher. */
class CanaryTest {

    private static final Pattern SHRUNK =
            Pattern.compile("Shrunk Sample \\([0-9]+ steps?\\)\\s+-+\\s+scenario:\\s+Scenario\\[actions=\\[(.*?)], answersSeed");
    private static final Pattern KEPT = Pattern.compile("recordings in (\\S+)");

    /** What a run of a contract gave, by the property's name. */
    private static final class Outcome implements TestExecutionListener {
        final Map<String, Throwable> failures = new TreeMap<>();
        final Map<String, String> reports = new TreeMap<>();
        final List<String> passed = new ArrayList<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                result.getThrowable().ifPresentOrElse(
                        failure -> failures.put(name(test), failure), () -> passed.add(name(test)));
            }
        }

        @Override
        public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
            entry.getKeyValuePairs().values().forEach(text -> reports.merge(name(test), text, String::concat));
        }

        private static String name(TestIdentifier test) {
            return test.getDisplayName();
        }

        Throwable failureOf(String property) {
            assertTrue(failures.containsKey(property), () -> property + " has not failed; failed " + failures.keySet()
                    + ", passed " + passed);
            return failures.get(property);
        }

        /** The actions of the shrunk scenario, as jqwik has printed them. */
        String shrunkActionsOf(String property) {
            Matcher sample = SHRUNK.matcher(reports.getOrDefault(property, ""));
            assertTrue(sample.find(), () -> "no shrunk sample in the report: " + reports.get(property));
            assertTrue(reports.get(property).contains("seed = "), "no seed in the report");
            return sample.group(1);
        }
    }

    private static final String ALIKE = "shouldReplayAlikeWhateverTheQuantaAndSlices";
    private static final String SAME = "shouldRecordTheSameRunWhateverTheQuantum";
    private static final String UNNOTICED = "shouldNotNoticeWhereItIsStoppedAndDigested";
    private static final String LOADED = "shouldGoOnFromASavedStateAsIfNothingHadHappened";
    private static final String THREAD = "shouldReplayWhatAThreadOfTheHostPublishedWhenItLiked";
    private static final String SCAN = "shouldCallNothingThatDiffersBetweenRuns";

    private static Outcome run(Class<?> contract, String... properties) {
        List<DiscoverySelector> selectors = new ArrayList<>();
        for (Method method : DeterminismContract.class.getDeclaredMethods()) {
            if (List.of(properties).contains(method.getName())) {
                selectors.add(selectMethod(contract, method));
            }
        }
        assertEquals(properties.length, selectors.size());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request().selectors(selectors)
                .configurationParameter("jqwik.database", "target/jqwik-canary-database")
                // To the listener, not to standard output: an expected failure must not look like one of the build.
                .configurationParameter("jqwik.reporting.usejunitplatform", "true")
                .build();
        Outcome outcome = new Outcome();
        LauncherFactory.create().execute(request, outcome);
        removeKept(outcome);
        return outcome;
    }

    /** A canary's recordings are of no use to anybody; that they were there is checked on the way. */
    private static void removeKept(Outcome outcome) {
        for (Throwable failure : outcome.failures.values()) {
            Matcher kept = KEPT.matcher(String.valueOf(failure.getMessage()));
            if (kept.find()) {
                Path directory = Path.of(kept.group(1));
                try (DirectoryStream<Path> recordings = Files.newDirectoryStream(directory)) {
                    assertTrue(recordings.iterator().hasNext(), () -> "nothing was kept in " + directory);
                } catch (IOException gone) {
                    throw new AssertionError("kept recordings are gone", gone);
                }
                Rig.remove(directory);
            }
        }
    }

    private static void assertShrunkToNothing(String actions) {
        assertTrue(actions.startsWith("@") && actions.contains("QUIT a=0") && !actions.contains(", @"),
                () -> "a fault that needs no input was not shrunk to a run without one: " + actions);
    }

    @Test
    void shouldCatchAnIdentityInTheState() {
        Outcome outcome = run(Canaries.Identity.class, ALIKE, THREAD, SCAN);
        outcome.failureOf(ALIKE);
        assertShrunkToNothing(outcome.shrunkActionsOf(ALIKE));
        outcome.failureOf(THREAD);
        assertTrue(outcome.failureOf(SCAN).getMessage().contains("identityHashCode"));
    }

    @Test
    void shouldCatchTheOrderOfAHashSet() {
        Outcome outcome = run(Canaries.HashOrder.class, ALIKE, SCAN);
        outcome.failureOf(ALIKE);
        assertShrunkToNothing(outcome.shrunkActionsOf(ALIKE));
        assertTrue(outcome.failureOf(SCAN).getMessage().contains("java.util.HashSet"));
    }

    @Test
    void shouldCatchTheHostsClock() {
        Outcome outcome = run(Canaries.HostClock.class, ALIKE, SCAN);
        outcome.failureOf(ALIKE);
        assertShrunkToNothing(outcome.shrunkActionsOf(ALIKE));
        assertTrue(outcome.failureOf(SCAN).getMessage().contains("nanoTime"));
    }

    @Test
    void shouldCatchAGuestThatSeesWhereItIsStopped() {
        Outcome outcome = run(Canaries.Stops.class, ALIKE, SAME, UNNOTICED);
        outcome.failureOf(ALIKE);
        outcome.failureOf(SAME);
        assertShrunkToNothing(outcome.shrunkActionsOf(SAME));
        outcome.failureOf(UNNOTICED);
    }

    @Test
    void shouldCatchStateThatIsNotSavedAndNothingElse() {
        Outcome outcome = run(Canaries.Forgetful.class, ALIKE, SAME, UNNOTICED, LOADED);
        outcome.failureOf(LOADED);
        assertEquals(List.of(LOADED), List.copyOf(outcome.failures.keySet()));
    }

    @Test
    void shouldCatchAGuestThatIsChangedByItsDigest() {
        run(Canaries.Observed.class, UNNOTICED).failureOf(UNNOTICED);
    }
}
