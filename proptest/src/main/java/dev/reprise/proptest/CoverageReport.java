package dev.reprise.proptest;

import dev.reprise.proptest.run.Coverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.lifecycle.AfterContainerHook;
import net.jqwik.api.lifecycle.ContainerLifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;

/** Prints what the properties of a contract have met, once all have run, and fails for holes. */
public final class CoverageReport implements AfterContainerHook {

    private static final Map<Class<?>, Coverage> BY_CONTRACT = new ConcurrentHashMap<>();

    static Coverage of(Class<?> contract) {
        return BY_CONTRACT.computeIfAbsent(contract, c -> new Coverage());
    }

    @Override
    public void afterContainer(ContainerLifecycleContext context) {
        Class<?> contract = context.optionalContainerClass().orElse(null);
        Coverage coverage = contract == null ? null : BY_CONTRACT.remove(contract);
        if (coverage == null) {
            return;
        }
        context.reporter().publishValue("coverage of " + contract.getSimpleName(), coverage.report());
        CoverageNeeded needed = contract.getAnnotation(CoverageNeeded.class);
        List<String> holes = new ArrayList<>();
        for (String name : needed == null ? new String[0] : needed.value()) {
            if (coverage.count(name) == 0) {
                holes.add(name);
            }
        }
        if (!holes.isEmpty()) {
            throw new AssertionError(contract.getSimpleName() + " has never met " + holes);
        }
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }
}
