package io.lazuli.node;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import whom. A rule that is broken here is a decision to talk about, not a list to lengthen. */
@AnalyzeClasses(packages = "io.lazuli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String OURS = "io.lazuli..";
    private static final String NODE = "io.lazuli.node..";
    private static final String STORAGE = "io.lazuli.storage..";

    @ArchTest
    static final ArchRule roleApiStandsAlone = importsOnlyOurs("io.lazuli.role..");

    @ArchTest
    static final ArchRule modelStandsAlone = importsOnlyOurs("io.lazuli.storage.model..");

    @ArchTest
    static final ArchRule kernelStandsAlone = importsOnlyOurs("io.lazuli.kernel..");

    @ArchTest
    static final ArchRule commandLineSpeaksOnlyTheAdminApi = importsOnlyOurs("io.lazuli.cli..");

    @ArchTest
    static final ArchRule securityNeedsOnlyTheKernel = importsOnlyOurs("io.lazuli.security..", "io.lazuli.kernel..");

    @ArchTest
    static final ArchRule storageImportsOfTheRuntimeOnlyKernelAndSecurity =
            importsOnlyOurs(STORAGE, "io.lazuli.kernel..", "io.lazuli.security..");

    @ArchTest
    static final ArchRule storeKnowsNothingAboveIt = importsOnlyOurs("io.lazuli.storage.store..", "io.lazuli.kernel..", "io.lazuli.storage.model..");

    @ArchTest
    static final ArchRule journalNeedsOnlyTheStore = importsOnlyOurs(
            "io.lazuli.storage.journal..", "io.lazuli.kernel..", "io.lazuli.storage.model..", "io.lazuli.storage.store..");

    @ArchTest
    static final ArchRule partitionsNeedOnlyTheStore = importsOnlyOurs(
            "io.lazuli.storage.partition..", "io.lazuli.kernel..", "io.lazuli.storage.model..", "io.lazuli.storage.store..");

    @ArchTest
    static final ArchRule runtimeImportsNoStorageExceptNode = noClasses()
            .that(resideInAPackage(OURS).and(not(resideInAnyPackage(STORAGE, NODE))))
            .should().dependOnClassesThat().resideInAPackage(STORAGE);

    @ArchTest
    static final ArchRule nobodyImportsTheNode = nobodyImports(NODE);

    @ArchTest
    static final ArchRule journalIsImportedByTheNodeAlone = noClasses()
            .that(not(resideInAnyPackage("io.lazuli.storage.journal..", NODE)))
            .should().dependOnClassesThat().resideInAPackage("io.lazuli.storage.journal..");

    @ArchTest
    static final ArchRule runningRolesSurviveADeadController = noClasses()
            .that().resideInAnyPackage("io.lazuli.host..", "io.lazuli.gateway..")
            .should().dependOnClassesThat().resideInAPackage("io.lazuli.fabric..").allowEmptyShould(true);

    @ArchTest
    static final ArchRule consensusIsKnownToTheStoreAlone = noClasses()
            .that(not(resideInAPackage("io.lazuli.storage.store.raft..")))
            .should().dependOnClassesThat().resideInAPackage("com.alipay..");

    @ArchTest
    static final ArchRule rocksDbIsKnownToTheStoreAlone = noClasses()
            .that(not(resideInAnyPackage("io.lazuli.storage.store..", "io.lazuli.storage.chunk..")))
            .should().dependOnClassesThat().resideInAPackage("org.rocksdb..");

    @ArchTest
    static final ArchRule vertxIsKnownToTheEdgeAndTheRaftTransport = noClasses()
            .that(not(resideInAnyPackage(
                    "io.lazuli.storage.protocol..", "io.lazuli.admin..", "io.lazuli.gateway..", "io.lazuli.console..",
                    "io.lazuli.storage.store.raft..", NODE)))
            .should().dependOnClassesThat().resideInAPackage("io.vertx..");

    @ArchTest
    static final ArchRule classicActorsOnlyWhereAPluginInterfaceDemandsThem = noClasses()
            .that(not(resideInAPackage("io.lazuli.storage.journal..")))
            .should().beAssignableTo(org.apache.pekko.actor.Actor.class);

    @ArchTest
    static final ArchRule nothingIsReadAsAJavaObject = noClasses()
            .should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream");

    @ArchTest
    static final ArchRule foreignUtilitiesStayOut = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage("com.google.common..", "org.apache.commons..", "org.springframework..");

    @ArchTest
    static final ArchRule modulesFormNoCycles = slices().matching("io.lazuli.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule storageModulesFormNoCycles = slices().matching("io.lazuli.storage.(*)..").should().beFreeOfCycles();

    private static ArchRule importsOnlyOurs(String importer, String... imported) {
        return noClasses().that().resideInAPackage(importer).should()
                .dependOnClassesThat(resideInAPackage(OURS).and(not(resideInAPackage(importer))).and(not(resideInAnyPackage(imported))));
    }

    private static ArchRule nobodyImports(String imported) {
        return classes().that().resideInAPackage(imported).should().onlyHaveDependentClassesThat().resideInAPackage(imported);
    }
}
