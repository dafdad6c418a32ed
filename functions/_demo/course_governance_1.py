""" "AI Governance in Practice", first part: foundations."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

FOUNDATIONS: Final[Chapter] = Chapter(
    title="Foundations of Governance",
    description="What to govern, who decides, and how to find the systems you already run.",
    lessons=(
        LessonItem(
            title="What AI Governance Is For",
            description=(
                "Governance answers three questions: who may decide, on what "
                "evidence, and who can stop it."
            ),
            minutes=9,
            is_free_preview=True,
            content="""
                    Governance has a reputation for paper. Its purpose is simpler: when a system
                    affects people, somebody must be able to say who decided to use it, on what
                    evidence, and who can stop it. If those three answers take more than a day to
                    find, the organisation is not governing the system. It is merely hosting it.

                    ## Three layers

                    - **Law** sets the floor. In Indonesia the Personal Data Protection Law (Law 27
                      of 2022) applies whenever personal data is processed, whatever the technology.
                      Organisations that offer systems in the European Union also meet the EU AI
                      Act.
                    - **Standards** describe good practice. The NIST AI Risk Management Framework
                      organises work under four verbs: govern, map, measure, manage. ISO/IEC 42001
                      describes a management system that can be audited.
                    - **Your own rules** turn both into habits: a form, a review, a name.

                    Only the third layer touches daily work. A framework nobody can apply on a
                    Tuesday afternoon is decoration.

                    ## Proportion

                    A tool that proposes meeting times and a tool that ranks loan applicants should
                    not pass through the same gate. Start from consequence: who is affected, how
                    badly, how reversibly, and whether they can object. Light uses get a light path,
                    clearly marked, so that people take it instead of going around the gate.

                    ## A first exercise

                    Choose one system in use today. Write down the owner, the decision it
                    influences, the people affected, the evidence that it works, and the way to
                    switch it off. Mark every blank. Most teams find that the off switch and the
                    evidence are missing. Those blanks, not a policy document, are your first
                    governance plan.
                """,
            questions=(
                Question(
                    "easy",
                    "Which question is at the heart of governance?",
                    (
                        "Which model is newest?",
                        "Who decided, on what evidence, and who can stop it?",
                        "How many policies exist?",
                    ),
                    right=1,
                    because=("Accountability needs a decision maker, evidence and a way to stop."),
                ),
                Question(
                    "medium",
                    "Why should light uses have a light path?",
                    (
                        "People take a marked path instead of avoiding the gate",
                        "Light uses are illegal",
                        "To save paper",
                    ),
                    right=0,
                    because=("Controls out of proportion are bypassed, and then nothing is known."),
                ),
                Question(
                    "medium",
                    "Which framework uses govern, map, measure and manage?",
                    ("ISO/IEC 27001", "The NIST AI Risk Management Framework", "The EU AI Act"),
                    right=1,
                    because="Those four functions organise the NIST framework.",
                ),
            ),
        ),
        LessonItem(
            title="Roles and Decision Rights",
            description=(
                "Committees advise, owners decide: assigning names before the first incident."
            ),
            minutes=8,
            content="""
                    An ethics committee without decision rights is a reading group. Before the first
                    incident, agree who does what.

                    ## Five roles

                    1. **System owner**: accountable for the outcome, with a budget and the power to
                       stop.
                    2. **Builder or buyer**: responsible for the evidence.
                    3. **Reviewer**: independent of delivery, able to say "not yet".
                    4. **Data protection officer**: consulted whenever personal data is involved.
                    5. **Affected people's voice**: customers, staff or their representatives.

                    In a small organisation one person may hold two roles, but the owner and the
                    reviewer should differ.

                    ## Write down the decision

                    A useful record fits on half a page: what was decided, which alternatives were
                    rejected, what would change our mind, and when we look again. "What would change
                    our mind" matters most. It turns approval from an event into a condition.

                    ## Escalation

                    Define two thresholds. Above the first, the owner informs the reviewer within a
                    day. Above the second, the system is paused by whoever is on duty, and
                    permission is sought afterwards. People hesitate to pause expensive systems; a
                    written rule takes the courage out of the equation.

                    ## A worked example

                    A regional bank buys a tool that drafts replies to complaints. The head of
                    customer care is the owner. The vendor manager assembles the evidence: a test on
                    two hundred masked complaints, read by two people. A colleague from risk reviews
                    it and says "not yet", because nobody had tested messages in regional languages.
                    The owner accepts, narrows the launch to Indonesian, and writes one line into
                    the record: *reopen when the share of other languages passes five percent.*
                    Three months later it does, and nobody has to argue about whether to look again.

                    Notice what did not happen. No committee voted. One person decided, one person
                    could hold the decision back, and the condition was written before anybody was
                    invested in the answer.
                """,
            questions=(
                Question(
                    "easy",
                    "Which two roles should not be the same person?",
                    ("Owner and reviewer", "Owner and builder", "Builder and buyer"),
                    right=0,
                    because=("Independent review needs a person who does not answer for delivery."),
                ),
                Question(
                    "medium",
                    "Why record what would change our mind?",
                    (
                        "It lengthens the record",
                        "Approval becomes conditional on evidence",
                        "Auditors enjoy it",
                    ),
                    right=1,
                    because="The condition tells everybody when to reopen the decision.",
                ),
            ),
        ),
        LessonItem(
            title="Building an AI Inventory",
            description=(
                "You cannot govern what you have not listed, including features that "
                "arrived by update."
            ),
            minutes=8,
            content="""
                    Ask a department which AI it uses and you will hear about the project with a
                    steering group. You will not hear about the transcription feature that appeared
                    in the meeting tool last month.

                    ## Where to look

                    Read invoices, browser extensions, release notes of existing software, and
                    automation accounts. Then ask people a question that does not sound like an
                    audit: "What saves you time that you would miss?"

                    ## What to note

                    - Purpose and owner.
                    - Data in, data out, and where it is processed.
                    - Who is affected by the output.
                    - Supplier, model, and how changes are announced.
                    - Date of the last check.

                    Keep it in one table. A beautiful tool with three entries is worse than a plain
                    sheet with thirty.

                    ## Keep it alive

                    Attach the inventory to moments that happen anyway: purchasing, onboarding, the
                    yearly budget. Offer an amnesty for what is already running. The aim is to know,
                    and people report what they will not be punished for. Review ten rows each month
                    rather than everything once a year.

                    ## What the first round usually finds

                    Three things surprise almost every team. First, the most used system was bought
                    by nobody: it is a free account or a browser extension. Second, two departments
                    pay for the same service under different names. Third, at least one system has
                    no owner left, because the person who set it up has moved on and it still sends
                    e-mail every night.

                    Treat each finding as a small gift. Thank the person who reported it, write the
                    row, and choose one next step with a date. An unanswered report is the last one
                    you will receive. When a row has stayed unchanged for a year, ask whether the
                    system is still used; switching something off is also governance.
                """,
            questions=(
                Question(
                    "easy",
                    "Which source reveals AI that nobody announced?",
                    (
                        "The steering group's minutes",
                        "Release notes of software you already use",
                        "The company logo",
                    ),
                    right=1,
                    because="Features arrive by update without a project of their own.",
                ),
                Question(
                    "medium",
                    "Why offer an amnesty?",
                    (
                        "People report what they will not be punished for",
                        "Rules do not apply",
                        "It reduces licences",
                    ),
                    right=0,
                    because="The purpose of the first round is knowledge.",
                ),
            ),
        ),
        LessonItem(
            title="Classifying Risk",
            description=(
                "Consequence first, technology second: a workable way to sort uses into tiers."
            ),
            minutes=10,
            content="""
                    Risk depends on use. The same language model can draft a poem or reject a
                    patient. Classify uses, not models.

                    ## Four questions

                    1. Whose rights, safety, income or reputation can be affected?
                    2. Is the output a suggestion or a decision in practice? If staff accept 98
                       percent of suggestions, it is a decision.
                    3. Can harm be undone, and how quickly would we notice?
                    4. Can affected people know, object and reach a human?

                    ## Three tiers

                    **Low**: reversible, internal, checked by the person who asked. **Medium**:
                    affects customers or staff, with human review that is real. **High**:
                    employment, credit, education, health, essential services, or anything involving
                    children.

                    The EU AI Act follows a similar logic: some practices are prohibited, some uses
                    are high-risk with duties before and after release, some carry transparency
                    duties. Local law may differ, so the tier tells you how much care is due;
                    counsel tells you which law applies.

                    ## Beware of drift

                    A tool built for low-risk drafting is soon used for something heavier.
                    Reclassify when the user group, the data or the consequence changes, not on a
                    calendar alone.

                    ## Three quick cases

                    A tool suggests titles for internal presentations: low. The same tool drafts
                    answers about refunds that agents send after reading: medium, and the reading
                    must be real. The same tool decides which complaints are closed without a reply:
                    high, because people lose a right without knowing it. Nothing changed in the
                    model. The consequence did.
                """,
            questions=(
                Question(
                    "easy",
                    "What should be classified?",
                    ("Models", "Uses", "Suppliers"),
                    right=1,
                    because="The same model can serve trivial and grave purposes.",
                ),
                Question(
                    "hard",
                    ("Staff accept nearly every suggestion. How should it be treated?"),
                    (
                        "As a decision in practice",
                        "As a harmless suggestion",
                        "As a training problem only",
                    ),
                    right=0,
                    because="Oversight that never disagrees is not oversight.",
                ),
                Question(
                    "medium",
                    "When should a use be reclassified?",
                    ("Only every January", "Never", "When users, data or consequences change"),
                    right=2,
                    because="Risk follows the use, and uses drift.",
                ),
            ),
        ),
    ),
)
