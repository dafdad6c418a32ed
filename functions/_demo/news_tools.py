"""Ten news items about tools: what one can do, where it stops, how to try it in an hour."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import NewsItem

TOOLS: Final[tuple[NewsItem, ...]] = (
    NewsItem(
        type_="tool",
        title="Prompt yang Bisa Dipakai Ulang: Buat Templat, Bukan Mantra",
        summary=(
            "Prompt yang bagus bukan kalimat ajaib, melainkan formulir kecil dengan empat kolom. "
            "Begini cara menyusunnya supaya rekan satu tim bisa memakainya juga."
        ),
        content="""
            Di banyak kantor, prompt terbaik hidup di riwayat percakapan satu orang. Ketika orang
            itu cuti, mutu kerja ikut cuti. Jalan keluarnya sederhana: perlakukan prompt sebagai
            formulir.

            ## Empat kolom

            - **Konteks**: siapa pembacanya dan untuk apa teks ini dipakai.
            - **Bahan**: tempel datanya, lalu beri batas yang jelas, misalnya `<bahan>` dan
              `</bahan>`.
            - **Tugas**: satu kata kerja, satu hasil. "Ringkas menjadi lima poin" lebih baik
              daripada "tolong bantu dengan ini".
            - **Bentuk**: panjang, bahasa, nada, dan apa yang harus ditulis bila jawabannya tidak
              ada di dalam bahan.

            Kolom terakhir paling sering dilupakan. Tanpa izin untuk berkata "tidak disebutkan",
            model cenderung mengisi kekosongan dengan sesuatu yang terdengar masuk akal.

            ## Contoh

            > Anda membantu staf administrasi sekolah. Dari bahan di bawah, buat pengumuman untuk
            orang tua, paling banyak 120 kata, bahasa Indonesia baku yang ramah. Bila tanggal atau
            tempat tidak tertulis, tulis "[perlu dilengkapi]".

            ## Uji sebelum dibagikan

            Jalankan templat pada tiga bahan yang berbeda: yang biasa, yang sangat pendek, dan yang
            saling bertentangan. Bila ketiganya menghasilkan bentuk yang sama, simpan di folder
            bersama dengan nama, tanggal, dan satu contoh hasil. Templat tanpa contoh hasil akan
            ditafsirkan ulang oleh setiap orang.
        """,
        tags=("ChatGPT", "prompt", "produktivitas"),
        language="id",
        days_ago=0.4,
        author="admin-1",
        views=214,
        likes=31,
    ),
    NewsItem(
        type_="tool",
        title="Notulen Otomatis: Tiga Uji Sebelum Dipakai di Rapat Besar",
        summary=(
            "Transkripsi otomatis sudah nyaman dipakai, tetapi nama orang, angka, dan bahasa "
            "campuran masih sering meleset. Uji dulu dengan rekaman sepuluh menit."
        ),
        content="""
            Alat transkripsi bekerja dalam dua langkah. Suara diubah menjadi teks, lalu model bahasa
            meringkas teks itu. Kesalahan di langkah pertama tidak hilang di langkah kedua; ia hanya
            menjadi lebih rapi. Karena itu ujilah keduanya secara terpisah.

            ## Uji 1: nama dan istilah

            Rekam sepuluh menit percakapan yang memuat lima nama orang, tiga singkatan kantor, dan
            dua angka rupiah. Hitung yang tertulis benar. Bila alatnya menerima daftar istilah, isi
            lebih dulu dan ulangi.

            ## Uji 2: bahasa campuran

            "Oke, *next* kita *follow up* ke vendor, nggih" adalah kalimat yang wajar di Yogyakarta
            dan mimpi buruk bagi model yang dilatih pada pidato resmi. Perhatikan apakah kata-kata
            daerah dihapus diam-diam. Yang hilang lebih berbahaya daripada yang salah eja.

            ## Uji 3: siapa mengatakan apa

            Minta dua orang dengan suara mirip berbicara bergantian. Bila pembicara tertukar, jangan
            pakai hasilnya untuk mencatat keputusan atau janji.

            ## Jangan lupa izinnya

            Beri tahu peserta di awal bahwa rapat direkam, untuk apa, dan berapa lama disimpan.
            Rekaman suara yang dapat dikaitkan dengan seseorang adalah data pribadi. Setelah notulen
            disetujui, tanyakan lagi: apakah rekaman aslinya masih diperlukan?
        """,
        tags=("rapat", "transkripsi", "produktivitas"),
        language="id",
        days_ago=4.7,
        author="admin-1",
        views=167,
        likes=19,
    ),
    NewsItem(
        type_="tool",
        title="Running a Small Language Model on Your Own Laptop",
        summary=(
            "Open-weight models now run on ordinary office laptops. What that is good for, what "
            "it is not, and a first evening's experiment."
        ),
        content="""
            A language model does not have to live in someone else's data centre. Models with a few
            billion parameters, stored with reduced numeric precision (*quantised*), fit into the
            memory of a recent laptop. Programs such as Ollama and llama.cpp download one and give
            you a chat window or a local web address.

            ## Why bother

            - **Privacy.** The text stays on the machine. For a first draft of something
              confidential, that matters more than eloquence.
            - **Independence.** It works on a train through Cirebon, with no signal and no account.
            - **Understanding.** You can change the temperature and *see* the answers wander.

            ## What you give up

            A small model knows less, follows long instructions less faithfully, and is usually
            weaker in Indonesian than in English. It is decent at reshaping text that you supply,
            and poor at supplying facts of its own.

            ## A first experiment

            1. Take a public document of two pages.
            2. Ask for a five-sentence summary, three times.
            3. Mark every claim that is not in the document.

            If two of the three runs are free of invented claims, keep the model for summaries. If
            not, try a larger one before you try a cleverer prompt.

            Read the licence, too. "Open weights" describes what you can download, not what you may
            do with it; some licences restrict commercial use.
        """,
        tags=("open models", "privacy", "local AI"),
        language="en",
        days_ago=9.2,
        author="admin-2",
        views=143,
        likes=22,
    ),
    NewsItem(
        type_="tool",
        title="Spreadsheet dan ChatGPT: Minta Rumusnya, Bukan Jawabannya",
        summary=(
            "Model bahasa bisa salah menjumlahkan, tetapi cukup pandai menulis rumus. Serahkan "
            "hitungannya kepada spreadsheet, dan Anda bisa memeriksa setiap langkah."
        ),
        content="""
            Tempelkan dua puluh baris penjualan ke sebuah chatbot dan tanyakan totalnya. Kadang
            benar, kadang meleset tipis, dan keduanya disampaikan dengan nada yakin yang sama.
            Sebabnya: model bahasa menebak lanjutan teks. Menjumlah adalah pekerjaan lain.

            Pembagian tugas yang sehat: **manusia menentukan pertanyaan, model menulis rumus,
            spreadsheet menghitung.**

            ## Cara bertanya

            Jelaskan susunan lembar Anda tanpa menempelkan isinya:

            > Kolom A tanggal, B cabang, C nilai penjualan dalam rupiah. Tulis rumus untuk total
            cabang "Depok" pada bulan Maret. Saya memakai pemisah titik koma. Jelaskan tiap bagian.

            Dengan cara ini data pelanggan tidak ikut terkirim, dan hasilnya dapat diperiksa siapa
            pun yang membuka berkas itu.

            ## Tiga pemeriksaan cepat

            1. Uji pada lima baris yang bisa Anda hitung di kepala.
            2. Tambahkan satu sel kosong dan satu tanggal yang salah ketik. Apa yang terjadi?
            3. Minta model menuliskan cara kedua untuk angka yang sama, lalu bandingkan.

            Sebagian chatbot dapat menjalankan kode sendiri dan menghitung dengan benar. Bila Anda
            memakai fitur itu, buka kodenya. Perhatikan bagaimana baris kosong, nilai ganda, dan
            format tanggal Indonesia ditangani, karena di situlah angka biasanya bergeser.
        """,
        tags=("ChatGPT", "spreadsheet", "analisis data"),
        language="id",
        days_ago=13.6,
        author="admin-1",
        views=402,
        likes=57,
    ),
    NewsItem(
        type_="tool",
        title="Asisten Dokumen Internal dengan No-Code: Rancangan Satu Minggu",
        summary=(
            "Panduan lima hari untuk membangun tanya-jawab di atas dokumen kantor tanpa menulis "
            "kode, dengan ukuran keberhasilan yang ditetapkan sejak hari pertama."
        ),
        content="""
            Platform no-code membuat bagian yang dulu sulit menjadi beberapa klik: unggah dokumen,
            pilih model, pasang kotak tanya. Yang tetap sulit adalah memilih dokumen dan tahu kapan
            hasilnya cukup baik. Rencana ini menaruh waktu di sana.

            ## Hari 1: pertanyaan

            Kumpulkan tiga puluh pertanyaan sungguhan dari surel dan grup kantor. Tulis jawaban
            benar dan dokumen sumbernya. Inilah alat ukur Anda; jangan dipakai untuk menyetel apa
            pun.

            ## Hari 2: dokumen

            Buang versi lama. Dua SOP yang bertentangan akan melahirkan jawaban yang bertentangan.
            Pindai hasil foto menjadi teks, lalu baca sekilas hasilnya.

            ## Hari 3: rangkaian pertama

            Atur agar asisten menjawab hanya dari dokumen, menyebut sumber, dan mengaku bila tidak
            menemukan. Jalankan tiga puluh pertanyaan tadi tanpa mengubah apa-apa.

            ## Hari 4: membaca kegagalan

            Pisahkan dua macam: dokumen yang tepat **tidak ditemukan**, atau ditemukan tetapi
            **salah dibaca**. Yang pertama diperbaiki lewat judul dan potongan dokumen, yang kedua
            lewat instruksi atau model.

            ## Hari 5: hak akses

            Pastikan asisten tidak memperlihatkan dokumen yang tidak boleh dibuka penanyanya. Banyak
            platform memberi satu izin untuk semua orang. Bila begitu, isi hanya dengan dokumen yang
            memang boleh dibaca seluruh karyawan, dan simpan daftar gaji di tempat lain.
        """,
        tags=("no-code", "RAG", "dokumen"),
        language="id",
        days_ago=19.1,
        author="admin-1",
        views=188,
        likes=26,
        is_premium=True,
    ),
    NewsItem(
        type_="tool",
        title="Embeddings, Explained with a Shoebox of Recipes",
        summary=(
            "Why search finds 'soto' when you typed 'chicken soup': a picture of embeddings that "
            "needs no mathematics, and two ways they mislead."
        ),
        content="""
            Imagine a shoebox of recipe cards and a large empty floor. You place each card so that
            similar dishes lie close together: soups by the window, sweets by the door. *Soto ayam*
            ends up near chicken soup although the two cards share hardly a word.

            An **embedding** is the card's position on that floor, written as numbers. The floor has
            hundreds of dimensions instead of two, and a model learned the layout from a great deal
            of text, but the idea survives: *near* means *alike*.

            ## What it buys you

            - **Search by meaning.** Place the question on the floor and pick up the nearest cards.
            - **Grouping.** Piles on the floor are topics, before anyone has named them.
            - **Duplicates.** Two complaints about the same broken lift land in almost the same
              spot.

            ## Two ways it misleads

            1. *Near is not true.* "The lift is safe" and "the lift is not safe" can lie side by
               side: same subject, opposite meaning. Use embeddings to find candidates, never to
               decide.
            2. *The floor has a home language.* A layout learned mostly from English puts words from
               Javanese or Minangkabau in odd corners. Test with the language your users write.

            For exact things, such as invoice numbers or article numbers in a law, plain keyword
            search is still better. Good systems use both, and merge the two lists.
        """,
        tags=("embeddings", "search", "RAG"),
        language="en",
        days_ago=25.8,
        author="admin-2",
        views=231,
        likes=44,
    ),
    NewsItem(
        type_="tool",
        title="Cara Membaca Kartu Model dalam Sepuluh Menit",
        summary=(
            "Sebelum memasang model terbuka, baca kartunya. Enam bagian yang perlu dicari, dan "
            "apa artinya bila salah satunya kosong."
        ),
        content="""
            Kartu model adalah halaman keterangan yang menyertai sebuah model, seperti label gizi
            pada kemasan makanan. Gagasannya diperkenalkan peneliti pada 2018 dan kini lazim di
            tempat berbagi model. Mutunya beragam; membaca dengan curiga adalah keterampilan
            tersendiri.

            ## Enam hal yang dicari

            - **Tujuan pemakaian.** Untuk apa dibuat, dan untuk apa *tidak* dianjurkan?
            - **Data latih.** Bahasa apa saja, sampai kapan, dari mana?
            - **Evaluasi.** Diuji pada apa? Nilai rata-rata bahasa Inggris tidak berkata apa-apa
              tentang bahasa Indonesia.
            - **Keterbatasan.** Bagian ini mestinya tidak nyaman dibaca. Bila hanya satu kalimat
              umum, anggap belum diuji.
            - **Lisensi.** Boleh dipakai komersial? Boleh disetel ulang? Wajib mencantumkan nama?
            - **Versi dan tanggal.** Dua model bernama sama bisa berbeda isi.

            ## Bila kosong

            Kartu yang kosong bukan bukti modelnya buruk, tetapi memindahkan pekerjaan kepada Anda.
            Siapkan lima puluh contoh dari pekerjaan Anda sendiri, dan catat hasilnya dengan format
            kartu model. Dalam satu sore Anda punya keterangan yang lebih berguna daripada papan
            peringkat mana pun, karena diuji pada soal yang benar-benar Anda hadapi.

            Simpan catatan itu di samping sistemnya. Orang yang menggantikan Anda tahun depan akan
            mencarinya.
        """,
        tags=("kartu model", "evaluasi", "open models"),
        language="id",
        days_ago=32.3,
        author="admin-1",
        views=119,
        likes=14,
        source_url="https://arxiv.org/abs/1810.03993",
    ),
    NewsItem(
        type_="tool",
        title="Structured Output: Getting a Model to Fill In the Form",
        summary=(
            "Free text is pleasant to read and painful to process. How to ask for JSON, what a "
            "schema guarantees, and the checks that remain yours."
        ),
        content="""
            The moment a model's answer feeds another program, prose becomes a liability. "The
            invoice seems to be about Rp 2.5 million" cannot be booked. Most model providers can now
            be told to answer in a given JSON structure; several enforce it while the text is being
            generated.

            ## Design the form first

            - Give every field a plain name and a sentence of description. The model reads both.
            - Prefer a short list of allowed values to free text: `"status": "paid" | "open" |
              "unclear"`.
            - Always include the escape: `unclear`, or null. A form without an empty box produces
              confident nonsense.
            - Ask for evidence: a field holding the exact words from the source.

            ## What the schema guarantees, and what it does not

            It guarantees *shape*: the field exists and holds a number. It says nothing about
            *truth*: the number may be the tax instead of the total. So check afterwards, in
            ordinary code:

            1. Does the quoted evidence really occur in the source text?
            2. Do the lines add up to the total?
            3. Is the date possible, and not in the future?

            Send failures to a person together with the evidence field. Reviewing is quick when the
            reader sees the claim and the source side by side.

            Finally, version the form. When a field changes its meaning, old and new answers should
            never share a name, or next year's report will silently mix them.
        """,
        tags=("JSON", "automation", "no-code"),
        language="en",
        days_ago=41.4,
        author="admin-2",
        views=156,
        likes=29,
        is_premium=True,
    ),
    NewsItem(
        type_="tool",
        title="Menerjemahkan Surat Resmi dengan AI: Periksa Gelar, Angka, dan Nada",
        summary=(
            "Hasil terjemahan mesin kini lancar, dan justru karena itu kesalahannya sulit "
            "terlihat. Daftar periksa lima menit untuk surat keluar."
        ),
        content="""
            Dulu terjemahan mesin mudah dikenali karena kaku. Sekarang kalimatnya mengalir, dan mata
            pembaca ikut mengalir melewati kesalahan. Untuk surat resmi, periksa bagian yang paling
            mahal bila keliru, bukan seluruh teks dengan ketelitian yang sama.

            ## Daftar periksa

            1. **Nama dan gelar.** "Ibu Dr. Hj." bukan hiasan. Pastikan tidak hilang atau bertukar.
            2. **Angka.** Titik dan koma berbalik fungsi antara Indonesia dan Inggris: 1.500 bisa
               terbaca satu setengah.
            3. **Tanggal.** 03/04 berarti 3 April di sini dan 4 Maret bagi sebagian pembaca. Tulis
               nama bulan.
            4. **Kewajiban.** "Wajib", "harus", "dapat", dan "agar" punya bobot berbeda. Bandingkan
               satu per satu dengan *shall*, *must*, *may*, dan *should*.
            5. **Nada.** Minta alat menjelaskan seberapa formal hasilnya, lalu tanyakan kepada satu
               pembaca dari bahasa tujuan.

            ## Trik terjemah balik

            Terjemahkan hasilnya kembali ke bahasa asal dengan alat lain. Perbedaan yang muncul
            menunjuk ke kalimat yang rawan. Trik ini tidak menangkap semua kesalahan, tetapi murah.

            ## Kapan tetap perlu penerjemah

            Untuk akta, putusan, dan dokumen imigrasi biasanya diminta penerjemah tersumpah. AI
            boleh menyiapkan rancangan, bukan menggantikan stempelnya.
        """,
        tags=("terjemahan", "bahasa Indonesia", "produktivitas"),
        language="id",
        days_ago=52.5,
        author="admin-1",
        views=278,
        likes=35,
    ),
    NewsItem(
        type_="tool",
        title="Ekstensi Peramban Ber-AI: Baca Izinnya Dulu",
        summary=(
            "Satu klik pasang bisa berarti satu perusahaan lagi membaca semua halaman yang Anda "
            "buka. Cara menilai izin ekstensi sebelum dipakai di komputer kantor."
        ),
        content="""
            Ekstensi yang meringkas halaman perlu membaca halaman. Itu wajar. Yang perlu ditanyakan:
            halaman yang mana, kapan, dan dikirim ke mana.

            ## Tiga tingkat izin

            - **Hanya saat diklik.** Ekstensi melihat halaman ketika Anda menekan tombolnya. Paling
              aman.
            - **Situs tertentu.** Misalnya hanya surel. Baik bila situsnya memang itu saja.
            - **Semua situs.** Termasuk perbankan, SDM, dan sistem internal. Butuh alasan kuat.

            Di sebagian besar peramban, tingkat ini dapat diturunkan setelah pemasangan lewat
            halaman pengaturan ekstensi. Coba turunkan; bila alatnya masih berguna, biarkan begitu.

            ## Pertanyaan untuk pembuatnya

            1. Apakah teks dikirim ke server, atau diolah di perangkat?
            2. Apakah dipakai untuk melatih model, dan bagaimana cara menolaknya?
            3. Siapa pemiliknya sekarang? Ekstensi populer kadang dijual, dan pembaruan berikutnya
               datang dari orang lain.

            ## Bahaya yang kurang dikenal

            Halaman web bisa memuat perintah tersembunyi yang ditujukan kepada asisten, bukan kepada
            Anda. Asisten yang boleh mengirim surel atau mengisi formulir dapat disuruh oleh halaman
            itu. Pilih ekstensi yang meminta persetujuan sebelum bertindak.

            *Catatan redaksi: tambahkan tangkapan layar pengaturan izin sebelum terbit.*
        """,
        tags=("keamanan", "browser", "privasi"),
        language="id",
        days_ago=1.3,
        author="admin-1",
        state="draft",
    ),
)
